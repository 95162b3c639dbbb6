"""Symbolic execution of a loop's code on a made-up piece: `expressions` and `statements` compute, `values` knows the
methods of strings, `runs` is what comes out. `unchunk.codemod.symbolic.runner` asks the questions.
"""
