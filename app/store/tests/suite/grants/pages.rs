//! Lists of grants come in pages.

use domain::actor::Actor;
use domain::grant::GrantId;
use domain::ids::{DeviceId, InviteId, RecoveryId, TokenId};
use domain::role::Role;
use domain::site_access::SiteAccess;
use uuid::Uuid;

use super::{TestGrant, TwoSites, person, rights};
use crate::harness::TestContext;

both_databases![pages_of_grant_lists_have_each_row_once,];

async fn pages_of_grant_lists_have_each_row_once(ctx: &TestContext) {
    let (two, store) = (TwoSites::new(ctx).await, &ctx.store);
    let (owner, mut made) = (&two.fixture.owner, [Vec::new(), Vec::new(), Vec::new()]);
    for number in 0..23 {
        // Some of them at the same instant.
        if number % 3 == 0 {
            ctx.minutes(1);
        }
        let staff = rights(Role::Staff, SiteAccess::AllSites);
        made[0].push(id_of(TestGrant::invitation(ctx, owner, staff.clone()).await.unwrap().made));
        made[1].push(id_of(TestGrant::token(ctx, owner, staff).await.unwrap().made));
        made[2].push(id_of(TestGrant::device(ctx, owner, two.sites[number % 2], false).await.unwrap().made));
    }
    let bound = Actor { site_access: SiteAccess::sites([two.sites[1]]), ..two.fixture.manager.clone() };
    store.set_site_access(owner, person(&bound), &bound.site_access).await.unwrap().unwrap();
    for most in [1, 5, 23, 200] {
        let (mut listed, mut before) = ([Vec::new(), Vec::new(), Vec::new(), Vec::new()], [None; 4]);
        for page in 0..25 {
            let more = |at: usize| page == 0 || before[at].is_some();
            let mut next = [None; 4];
            if more(0) {
                let page = store.invites(owner, before[0].map(InviteId), most).await.unwrap();
                listed[0].extend(page.rows.iter().map(|row| row.id.0));
                next[0] = page.next_before.map(|id| id.0);
            }
            if more(1) {
                let page = store.tokens(owner, before[1].map(TokenId), most).await.unwrap();
                listed[1].extend(page.rows.iter().map(|row| row.id.0));
                next[1] = page.next_before.map(|id| id.0);
            }
            for (at, actor) in [(2, owner), (3, &bound)] {
                if more(at) {
                    let page = store.devices(actor, before[at].map(DeviceId), most).await.unwrap();
                    listed[at].extend(page.rows.iter().map(|row| row.id.0));
                    next[at] = page.next_before.map(|id| id.0);
                }
            }
            before = next;
        }
        assert_eq!(before, [None; 4], "{most}");
        let near: Vec<_> = made[2].iter().skip(1).step_by(2).copied().collect();
        for (listed, made) in listed.iter_mut().zip(made.iter().chain([&near])) {
            let mut made = made.clone();
            made.sort_unstable();
            listed.sort_unstable();
            assert_eq!(*listed, made, "{most}");
        }
    }
    let nowhere = Some(Uuid::from_u128(7));
    assert!(store.invites(owner, nowhere.map(InviteId), 5).await.unwrap().rows.is_empty());
    assert!(store.tokens(owner, nowhere.map(TokenId), 5).await.unwrap().rows.is_empty());
    assert!(store.devices(owner, nowhere.map(DeviceId), 5).await.unwrap().rows.is_empty());
    assert_eq!(store.token_by_id(owner, TokenId(made[1][0])).await.unwrap().unwrap().id.0, made[1][0]);
    assert_eq!(store.token_by_id(owner, TokenId(made[0][0])).await.unwrap(), None);
}

/// The id of a grant.
pub fn id_of(made: GrantId) -> Uuid {
    match made {
        GrantId::Invitation(InviteId(id))
        | GrantId::Token(TokenId(id))
        | GrantId::Device(DeviceId(id))
        | GrantId::CustomerLink(RecoveryId(id)) => id,
    }
}
