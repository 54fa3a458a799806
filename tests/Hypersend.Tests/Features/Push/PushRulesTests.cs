using System.Globalization;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Push;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Push;

namespace Hypersend.Tests.Features.Push;

public sealed class PushRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChatId Chat = new(Guid.CreateVersion7(Now));
    private static readonly UserId Ana = NewUser();
    private static readonly UserId Bela = NewUser();

    [Fact]
    public void The_newest_message_is_shown_and_one_s_own_never()
    {
        Assert.Equal((3L, PushKinds.Message), Chosen(News(Message(3), Message(2), Message(1))));
        Assert.Equal((2L, PushKinds.Message), Chosen(News(Message(3) with { Sender = Who(Bela) }, Message(2))));
        Assert.Null(Chosen(News(Message(1) with { Sender = Who(Bela) })));
        Assert.Null(Chosen(News()));
    }

    [Theory]
    [InlineData(5, 0, 0)]
    [InlineData(0, 5, 0)]
    [InlineData(0, 0, 5)]
    public void What_is_read_was_before_one_s_time_or_is_shown_already_is_not_told_again(long read, long visibleFrom, long shown)
    {
        var device = Device() with { ReadSeq = read, VisibleFrom = visibleFrom, ShownSeq = shown };

        Assert.Null(Chosen(News(Message(5), Message(4)), device));
        Assert.Null(Chosen(News(Message(5) with { Mentions = [Bela] }), device));
        Assert.Equal((6L, PushKinds.Message), Chosen(News(Message(6), Message(5)), device));
    }

    [Fact]
    public void A_call_by_name_goes_before_what_is_newer_and_an_answer_is_told_as_one()
    {
        Assert.Equal((2L, PushKinds.Mention), Chosen(News(Message(3), Message(2) with { Mentions = [Bela] }, Message(1))));
        Assert.Equal((2L, PushKinds.Mention), Chosen(News(Message(3), Message(2) with { MentionsAll = true })));
        Assert.Equal((1L, PushKinds.Reply), Chosen(News(Message(1)) with { Answered = new Dictionary<long, UserId> { [1] = Bela } }));
        Assert.Equal((1L, PushKinds.Message), Chosen(News(Message(1)) with { Answered = new Dictionary<long, UserId> { [1] = Ana } }));
    }

    [Fact]
    public void A_muted_chat_is_silent_but_for_one_s_name()
    {
        var muted = Device() with { MutedUntil = Now.AddSeconds(1) };

        Assert.Null(Chosen(News(Message(1)), muted));
        Assert.Null(Chosen(News(Message(1) with { MentionsAll = true }), muted));
        Assert.Null(Chosen(News(Message(1)) with { Answered = new Dictionary<long, UserId> { [1] = Bela } }, muted));
        Assert.Null(Chosen(News(Message(1) with { Mentions = [Ana] }), muted));
        Assert.Equal((1L, PushKinds.Mention), Chosen(News(Message(2), Message(1) with { Mentions = [Bela] }), muted));
        Assert.Equal((1L, PushKinds.Message), Chosen(News(Message(1)), muted with { MutedUntil = Now }));
    }

    [Fact]
    public void Who_wants_nothing_is_told_nothing_and_who_wants_mentions_of_mentions_and_answers()
    {
        var called = News(Message(1) with { Mentions = [Bela] });
        var (nothing, mentions) = (new NotificationSettings { Level = "nothing" }, new NotificationSettings { Level = "mentions" });

        Assert.Null(Chosen(called, settings: nothing));
        Assert.Null(Chosen(News(Message(1)), settings: mentions));
        Assert.Equal((1L, PushKinds.Mention), Chosen(called, settings: mentions));
        Assert.Equal((1L, PushKinds.Reply), Chosen(News(Message(1)) with { Answered = new Dictionary<long, UserId> { [1] = Bela } }, settings: mentions));
    }

    [Theory]
    // Over midnight in Kolkata, five and a half hours ahead: 22:00 to 07:00 there is 16:30 to 01:30.
    [InlineData("Asia/Kolkata", "2026-07-10T16:29:59Z", true)]
    [InlineData("Asia/Kolkata", "2026-07-10T16:30:00Z", false)]
    [InlineData("Asia/Kolkata", "2026-07-10T18:30:00Z", false)]
    [InlineData("Asia/Kolkata", "2026-07-11T01:29:59Z", false)]
    [InlineData("Asia/Kolkata", "2026-07-11T01:30:00Z", true)]
    [InlineData("America/New_York", "2026-07-11T01:59:59Z", true)]
    [InlineData("America/New_York", "2026-07-11T02:00:00Z", false)]
    [InlineData("", "2026-07-10T21:59:59Z", true)]
    [InlineData("", "2026-07-10T23:30:00Z", false)]
    public void In_quiet_hours_nobody_is_told_not_even_by_name(string zone, string now, bool told)
    {
        var settings = new NotificationSettings { QuietFrom = "22:00", QuietTo = "07:00", Zone = zone };

        var choice = PushRules.Choose(News(Message(1) with { Mentions = [Bela] }), Device(), settings, DateTimeOffset.Parse(now, CultureInfo.InvariantCulture));

        Assert.Equal(told, choice is not null);
    }

    [Fact]
    public void A_room_and_a_crowd_tell_only_whom_they_call()
    {
        var crowd = News(Message(1)) with { MemberCount = PushRules.Crowd + 1 };
        var room = News(Message(1)) with { Type = ChatTypes.Room };

        foreach (var many in new[] { crowd, room })
        {
            Assert.Null(Chosen(many));
            Assert.Empty(PushRules.Concerned(many)!);
            Assert.Equal([Bela], PushRules.Concerned(many with { Messages = [Message(1) with { Mentions = [Bela] }] }));
            Assert.Equal([Ana], PushRules.Concerned(many with { Answered = new Dictionary<long, UserId> { [1] = Ana } }));
            Assert.Null(PushRules.Concerned(many with { Messages = [Message(1) with { MentionsAll = true }] }));
            Assert.Equal((1L, PushKinds.Mention), Chosen(many with { Messages = [Message(1) with { Mentions = [Bela] }] }));
        }

        Assert.Null(PushRules.Concerned(News(Message(1)) with { MemberCount = PushRules.Crowd }));
        Assert.Empty(PushRules.Concerned(News())!);
    }

    [Fact]
    public void Whom_one_blocks_and_what_is_deleted_is_not_heard()
    {
        var blocked = News(Message(2) with { Mentions = [Bela] }, Message(1) with { Sender = Who(NewUser()) }) with { Blocks = new HashSet<(UserId, UserId)> { (Bela, Ana) } };

        Assert.Equal((1L, PushKinds.Message), Chosen(blocked));
        Assert.Equal((1L, PushKinds.Message), Chosen(News(Message(2) with { DeletedAt = Now }, Message(1))));
    }

    [Fact]
    public void A_connected_device_that_speaks_after_a_message_is_awake_and_one_that_stays_silent_is_asleep()
    {
        const long stamp = 1000;
        var soon = PushRules.Grace - TimeSpan.FromMilliseconds(1);

        Assert.Equal(DeviceState.Awake, PushRules.StateOf(stamp + 1, stamp, TimeSpan.Zero));
        Assert.Equal(DeviceState.Awake, PushRules.StateOf(stamp + 1, stamp, PushRules.Grace));
        Assert.Equal(DeviceState.Unclear, PushRules.StateOf(stamp, stamp, soon));
        Assert.Equal(DeviceState.Unclear, PushRules.StateOf(stamp - 1, stamp, soon));
        Assert.Equal(DeviceState.Asleep, PushRules.StateOf(stamp, stamp, PushRules.Grace));
        Assert.Equal(DeviceState.Asleep, PushRules.StateOf(null, stamp, TimeSpan.Zero));
    }

    private static (long Seq, string Kind)? Chosen(ChatNews news, Recipient? device = null, NotificationSettings? settings = null) =>
        PushRules.Choose(news, device ?? Device(), settings, Now) is { } choice ? (choice.Message.Seq, choice.Kind) : null;

    private static Recipient Device() => new() { UserId = Bela };

    private static ChatNews News(params Message[] messages) => new()
    {
        ChatNo = 1,
        Chat = Chat,
        Type = ChatTypes.Group,
        Name = "Family",
        MemberCount = 3,
        From = 0,
        To = messages.Length > 0 ? messages[0].Seq : 0,
        Messages = messages,
        Answered = new Dictionary<long, UserId>(),
        Blocks = new HashSet<(UserId, UserId)>(),
    };

    private static Message Message(long seq) => new()
    {
        Id = new MessageId(Chat, seq),
        ChatId = Chat,
        Seq = seq,
        Rev = seq,
        Type = MessageTypes.Text,
        Sender = Who(Ana),
        Content = "hello",
        ClientId = null,
        ReplyTo = null,
        Thread = null,
        ThreadCount = 0,
        Files = [],
        Reactions = [],
        Mentions = [],
        MentionsAll = false,
        Pinned = false,
        EditedAt = null,
        DeletedAt = null,
        ExpiresAt = null,
        ForwardedFrom = null,
        ForwardedSender = null,
        CreatedAt = Now,
    };

    private static Person Who(UserId id) => new() { Id = id, Username = "somebody", Name = "Somebody", AvatarUrl = null };

    private static UserId NewUser() => new(Guid.CreateVersion7(Now));
}
