"""Qt parts that know no record: look, threads, forms, lists, states and the map."""
