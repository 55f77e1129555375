"""
Read side: what pages, API and guard show. Every function takes a fixed number of SQL queries and none reads the
clock.
"""
