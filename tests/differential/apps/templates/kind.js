{{ '<js>' }} {{ '<js>'|safe }}
