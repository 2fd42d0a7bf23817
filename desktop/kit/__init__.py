"""Qt parts that know no record: look, threads, forms, lists, states and the map."""

from desktop.kit.lasting_constants import keep_constants

keep_constants()
