"""Campaigns measured: how fast, in how much memory, and whether they survive being killed."""
