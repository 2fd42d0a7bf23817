"""Dalil as one of the engines of the comparison: its own server and replica behind two command lines; knows no other engine."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
