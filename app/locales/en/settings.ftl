# What a business says about itself.
