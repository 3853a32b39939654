//! Reading a metric off the world.
