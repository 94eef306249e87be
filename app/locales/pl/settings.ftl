# Co firma mówi o sobie.
