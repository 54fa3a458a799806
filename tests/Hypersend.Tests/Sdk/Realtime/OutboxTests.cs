using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Realtime;

namespace Hypersend.Tests.Sdk.Realtime;

public sealed class OutboxTests
{
    private static readonly ChatId Film = new(new Guid("00000000-0000-7000-8000-0000000000c1"));
    private static readonly ChatId Team = new(new Guid("00000000-0000-7000-8000-0000000000c2"));
    private readonly Outbox _outbox = new();

    [Fact]
    public void Messages_of_one_chat_go_one_after_the_other_and_chats_do_not_wait_for_each_other()
    {
        Add(Film, "f1", "f2", "f3");
        Add(Team, "t1");
        Assert.Equal(["f1", "t1"], Next());
        Assert.Empty(Next());
        Stored(Film, "f1");
        Assert.Equal(["f2"], Next());
        Stored(Film, "f2");
        Stored(Team, "t1");
        Assert.Equal(["f3"], Next());
        Assert.Equal(["f3"], Left());
    }

    [Fact]
    public void What_was_on_its_way_goes_again_in_the_same_order_after_a_loss()
    {
        Add(Film, "f1", "f2");
        Assert.Equal(["f1"], Next());
        _outbox.Disconnected();
        Assert.Equal(["f1"], Next());
        Stored(Film, "f1");
        _outbox.Disconnected();
        Assert.Equal(["f2"], Next());
    }

    [Fact]
    public void A_refusal_stops_the_chat_also_after_a_loss_until_it_is_retried_or_discarded()
    {
        Add(Film, "f1", "f2");
        Next();
        var failed = _outbox.Refused(Film, "f1", Problem(ErrorCodes.Forbidden), out var isPausing);
        Assert.False(isPausing);
        Assert.Equal((SendState.Failed, ErrorCodes.Forbidden), (failed!.State, failed.Refusal!.Code));
        Add(Film, "f3");
        _outbox.Disconnected();
        Assert.Empty(Next());
        Assert.Null(_outbox.Retry("f2"));
        Assert.Equal(SendState.Sending, _outbox.Retry("f1")!.State);
        Assert.Equal(["f1"], Next());
        _outbox.Refused(Film, "f1", Problem(ErrorCodes.Blocked), out _);
        Assert.NotNull(_outbox.Discard("f1"));
        Assert.Equal(["f2"], Next());
        Assert.Equal(["f2", "f3"], Left());
    }

    [Theory]
    [InlineData(ErrorCodes.Busy)]
    [InlineData(ErrorCodes.Unavailable)]
    [InlineData(ErrorCodes.OutcomeUnknown)]
    [InlineData(ErrorCodes.RateLimited)]
    [InlineData(ErrorCodes.StorageFull)]
    public void What_passes_by_itself_only_pauses_the_chat(string code)
    {
        Add(Film, "f1", "f2");
        Next();
        Assert.Null(_outbox.Refused(Film, "f1", Problem(code), out var isPausing));
        Assert.True(isPausing);
        Add(Film, "f3");
        Assert.Empty(Next());
        _outbox.Resume(Film);
        Assert.Equal(["f1"], Next());
        Assert.Equal(["f1", "f2", "f3"], Left());
    }

    [Fact]
    public void An_answer_that_comes_twice_or_to_nobody_changes_nothing()
    {
        Add(Film, "f1", "f2");
        Next();
        Stored(Film, "f1");
        Next();
        Assert.Null(_outbox.Stored(Film, "f1", null, null));
        Assert.Null(_outbox.Stored(Team, "t1", null, null));
        Assert.Null(_outbox.Refused(Film, "f1", Problem(ErrorCodes.Forbidden), out _));
        Assert.Empty(Next());
        Assert.Equal(["f2"], Left());
    }

    [Fact]
    public void Two_messages_cannot_share_a_client_id_in_a_chat()
    {
        Add(Film, "f1");
        Assert.Throws<ArgumentException>(() => Add(Film, "f1"));
        Add(Team, "f1");
        Assert.Throws<ArgumentException>(() => _outbox.Add(new SendMessageRequest { ChatId = Film, Content = "no id" }));
    }

    private void Add(ChatId chat, params string[] clientIds)
    {
        foreach (var clientId in clientIds)
            _outbox.Add(new SendMessageRequest { ChatId = chat, Content = "hello", ClientId = clientId });
    }

    private string[] Next() => [.. _outbox.TakeNext().Select(message => message.ClientId)];

    private string[] Left() => [.. _outbox.Messages.Select(message => message.ClientId)];

    private void Stored(ChatId chat, string clientId) => Assert.Equal(SendState.Sent, _outbox.Stored(chat, clientId, null, null)!.State);

    private static ApiProblem Problem(string code) => new()
    {
        Type = code,
        Title = code,
        Status = 0,
        Code = code,
        Detail = code,
        Hint = code,
        Hints = [],
        Error = code,
        TraceId = "",
    };
}
