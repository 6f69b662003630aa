//! The outside networks.
