//! Participants, mechanisms, conductor, fabric and drivers.
