//! The pure middle: decides, never does.
