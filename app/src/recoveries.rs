#[cfg(feature = "ssr")]
pub(crate) mod page;
#[cfg(feature = "ssr")]
pub fn stage_key(stage: domain::recovery::Stage) -> &'static str {
    stage.name()
}
