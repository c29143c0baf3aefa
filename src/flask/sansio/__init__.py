"""What the user declared: rules, views, hooks, handlers, filters. Nothing here does input or output, or knows of a
request.
"""
