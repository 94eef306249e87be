# What customers read on the public pages.
