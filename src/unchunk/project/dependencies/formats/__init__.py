"""The dependency formats, one file each. A format is a module with

- `PRIORITY`: the lower one is asked first where several could take the tests' dependency;
- `KIND`: whether it speaks for the package or for an environment;
- `places(folder)`: the slots it finds in a folder; raises Obstacle where its file cannot be read.
"""
