//! Keeps what the house decided.
