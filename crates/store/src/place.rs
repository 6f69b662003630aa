//! A place in a list that is shown from the newest item to the oldest, from which it goes
//! on in either direction.

/// Where a page of a list lies.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Place<T> {
    /// At the top: the newest items.
    #[default]
    Top,
    /// Directly after an item, with older ones.
    After(T),
    /// Directly before an item, with newer ones: the way back. What is one too many stands first.
    Before(T),
}

impl<T> Place<T> {
    /// The same place, named otherwise.
    ///
    /// # Errors
    /// What `name` says.
    pub fn try_map<U, E>(self, name: impl FnOnce(T) -> Result<U, E>) -> Result<Place<U>, E> {
        Ok(match self {
            Place::Top => Place::Top,
            Place::After(item) => Place::After(name(item)?),
            Place::Before(item) => Place::Before(name(item)?),
        })
    }

    /// The same place, named otherwise.
    pub(crate) fn map<U>(self, name: impl FnOnce(T) -> U) -> Place<U> {
        match self {
            Place::Top => Place::Top,
            Place::After(item) => Place::After(name(item)),
            Place::Before(item) => Place::Before(name(item)),
        }
    }
}
