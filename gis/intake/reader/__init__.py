"""Files of strangers, opened in a child process that can do little harm.

`vector.read_vector` and `vector.read_osm_layers` are the way in. The child (`child.py`) runs with
an empty environment, limits on memory, processor time, file size and open files, no sockets and no
new programs (seccomp, where the system has it), and one GDAL driver chosen by the file's content,
never by its name. Whatever happens there ends here as one of the errors of `errors.py`.

This file imports nothing: the child must set its limits before anything heavy is loaded.
"""
