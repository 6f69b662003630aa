//! The house: edges and wiring.
