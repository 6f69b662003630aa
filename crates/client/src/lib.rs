//! The one guarded HTTP client for customer addresses.
