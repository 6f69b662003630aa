//! `Play`: audio or keys, as often as `loop` says, then the next verb.

use super::Reel;
use crate::calls::script::{Scene, Step};
use twiml::Play;

pub(super) fn start(play: Play, scene: &mut Scene<'_>) -> Step {
    let mut reel = Reel::default();
    reel.add_play(play, scene);
    reel.start(scene.orders)
}
