"""Qt parts that know no record: look, threads, forms, lists, states and the map."""

from desktop.kit.lasting_none import keep_none

keep_none()
