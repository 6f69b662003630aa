//! `Say`: words, as often as `loop` says, then the next verb.

use super::Reel;
use crate::calls::script::{Scene, Step};
use twiml::Say;

pub(super) fn start(say: Say, scene: &mut Scene<'_>) -> Step {
    let mut reel = Reel::default();
    reel.add_say(say);
    reel.start(scene.orders)
}
