"""The language server behind `unchunk lsp`: findings as you type, the rule's page, and the fix.

Language Server Protocol 3.17:
https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""
