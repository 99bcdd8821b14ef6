//! What comes between right before the words of a notice leave: somebody goes, somebody else is let in, something forbids it.

use matrix_sdk::ruma::api::client::membership::invite_user::v3::{
    InvitationRecipient, InviteUserId, Request,
};

use crate::notices::{Desk, invited, user};
use crate::proxy::Proxy;
use crate::steps_beside::times;
use crate::steps_notice::read;

#[tokio::test(flavor = "multi_thread")]
async fn the_words_leave_for_nobody_who_went_for_no_room_with_others_and_not_once_something_forbids_them() {
    let mut desk = Desk::new("").await;
    let (alice, bob, carl, other) =
        (user("alice").await, user("bob").await, user("carl").await, user("other").await);
    let proxy = Proxy::before(&desk.docket).await;
    let running = desk.docket.run().await;
    desk.approves(&[&alice.id, &bob.id, &carl.id]).await;

    // He came, and went while his copy was on its way to the homeserver, of which docket's session had not heard.
    let his = invited(&bob).await;
    let (upload, uploading) = proxy.holds("POST", "/media/");
    let his = bob.join(his.room_id()).await;
    uploading.happens(1).await;
    let (news, _) = proxy.holds("GET", "/sync");
    his.leave().await.unwrap();
    drop(upload);
    desk.ada.hears(&desk.room, &format!("Notice to {}: they left the room", bob.id)).await;
    drop(news);

    // Only docket can ask anybody in, so this is somebody with its account.
    let theirs = invited(&carl).await;
    let elsewhere = desk.docket.logged_in_elsewhere().await;
    let asks = InvitationRecipient::UserId(InviteUserId::new(other.id.clone()));
    elsewhere.send(Request::new(theirs.room_id().to_owned(), asks)).await.unwrap();
    let theirs = carl.join(theirs.room_id()).await;
    let changed = format!("{} did not reach them: their room is not as docket made it", carl.id);
    desk.ada.hears(&desk.room, &changed).await;
    let words = read(&carl, &theirs).await;
    assert_eq!((times(&words, "asked us"), times(&words, "request.txt")), (0, 0), "{words:#?}");

    // The copy is there, and then an order for secrecy comes.
    let hers = invited(&alice).await;
    let (copy, sending) = proxy.keeps_back("PUT", "-copy");
    let hers = alice.join(hers.room_id()).await;
    sending.is_over().await;
    desk.ada.say(&desk.room, "!case gag 1 open by=\"Southwark Crown Court\"").await;
    desk.ada.hears(&desk.room, "C-1 · gag ordered by").await;
    drop(copy);
    let held = format!("{} was held back as it was about to leave", alice.id);
    desk.ada.hears(&desk.room, &held).await;
    let words = read(&alice, &hers).await;
    assert_eq!((times(&words, "asked us"), times(&words, "request.txt")), (0, 1), "{words:#?}");
    let log = running.stop().await;
    for secret in [alice.id.as_str(), bob.id.as_str(), carl.id.as_str(), his.room_id().as_str(), "Southwark"]
    {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
