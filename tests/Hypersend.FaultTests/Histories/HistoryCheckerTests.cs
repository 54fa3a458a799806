namespace Hypersend.FaultTests.Histories;

/// <summary>The checker finds what is wrong in histories that were made up to be wrong, and nothing in one that is not.</summary>
public sealed class HistoryCheckerTests
{
    private const string Chat = "chat";

    private readonly HistoryRecorder _history = new();

    [Fact]
    public void A_history_in_which_everything_is_right_has_no_findings()
    {
        Said("a-1", 1);
        Said("a-2", 2);
        _history.Invoke(OperationKind.Send, "b", Chat, "b-1 nobody knows, and it is there");
        _history.GiveUp(_history.Invoke(OperationKind.Send, "b", Chat, "b-2 nobody knows, and it is not there"));
        _history.Fail(_history.Invoke(OperationKind.Send, "b", Chat, "b-3 refused"));
        Edited("a-1", "a-1 changed");
        var findings = Check(Seen(1, "a-1 changed", rev: 4), Seen(2, "a-2"), Seen(3, "b-1 nobody knows, and it is there"));
        Assert.Empty(findings.All);
        Assert.Equal((3, 2), (findings.Acknowledged, findings.Unknown));
    }

    [Fact]
    public void What_was_acknowledged_and_is_not_there_is_missing()
    {
        Said("a-1", 1);
        Said("a-2", 2);
        Assert.Single(Check(Seen(1, "a-1")).Missing);
    }

    [Fact]
    public void What_is_there_as_something_else_than_was_acknowledged_is_missing()
    {
        Said("a-1", 2);
        Assert.Single(Check(Seen(1, "a-1")).Missing);
    }

    [Fact]
    public void What_is_there_twice_is_found()
    {
        Said("a-1", 1);
        Assert.Single(Check(Seen(1, "a-1"), Seen(2, "a-1")).Twice);
    }

    [Fact]
    public void What_stands_before_something_that_was_over_when_it_began_is_out_of_order()
    {
        Said("a-1", 2);
        Said("b-1", 1);
        Assert.Single(Check(Seen(1, "b-1"), Seen(2, "a-1")).Disorder);
    }

    [Fact]
    public void What_ran_beside_each_other_may_be_in_any_order()
    {
        var (one, other) = (_history.Invoke(OperationKind.Send, "a", Chat, "a-1"), _history.Invoke(OperationKind.Send, "b", Chat, "b-1"));
        _history.Ok(one, "id2", 2);
        _history.Ok(other, "id1", 1);
        Assert.Empty(Check(Seen(1, "b-1"), Seen(2, "a-1")).All);
    }

    [Fact]
    public void Numbers_that_are_left_out_or_given_twice_are_gaps()
    {
        Said("a-1", 1);
        Said("a-2", 3);
        Assert.NotEmpty(Check(Seen(1, "a-1"), Seen(3, "a-2")).Gaps);
        Assert.NotEmpty(Check(Seen(1, "a-1", rev: 1), Seen(2, "a-2", rev: 1)).Gaps);
        Assert.NotEmpty(HistoryChecker.Check([], new Aftermath([new SeenChat(Chat, 2, 2, [Seen(1, null)])], [], [])).Gaps);
        Assert.NotEmpty(HistoryChecker.Check([], new Aftermath([new SeenChat(Chat, 1, 1, [Seen(1, null, rev: 2)])], [], [])).Gaps);
    }

    [Fact]
    public void What_nobody_said_and_what_was_refused_are_not_expected()
    {
        _history.Fail(_history.Invoke(OperationKind.Send, "a", Chat, "a-1"));
        Said("a-2", 3);
        Assert.Equal(3, Check(Seen(1, "a-1"), Seen(2, "x-1"), Seen(3, "a-2 with words that nobody wrote")).Unexpected.Count);
    }

    [Fact]
    public void An_edit_that_was_acknowledged_and_did_not_stay_is_missing()
    {
        Said("a-1", 1);
        Edited("a-1", "a-1 once");
        Edited("a-1", "a-1 again");
        Assert.Single(Check(Seen(1, "a-1")).Missing);
        Assert.Single(Check(Seen(1, "a-1 once")).Missing);
        Assert.Empty(Check(Seen(1, "a-1 again")).All);
    }

    [Fact]
    public void An_edit_without_an_answer_may_have_the_last_word()
    {
        Said("a-1", 1);
        _history.GiveUp(_history.Invoke(OperationKind.Edit, "a", Chat, "a-1 perhaps", "id1"));
        Edited("a-1", "a-1 surely");
        Assert.Empty(Check(Seen(1, "a-1 perhaps")).All);
        Assert.Empty(Check(Seen(1, "a-1 surely")).All);
        Assert.Single(Check(Seen(1, "a-1")).Missing);
    }

    [Fact]
    public void A_file_that_comes_back_otherwise_or_not_at_all_is_missing()
    {
        _history.Ok(_history.Invoke(OperationKind.Upload, "a", "files", "f-1 aaaa"), "one");
        _history.Ok(_history.Invoke(OperationKind.Upload, "a", "files", "f-2 bbbb"), "two");
        var findings = HistoryChecker.Check(_history.Operations, new Aftermath([], [], [new SeenFile("one", "cccc")]));
        Assert.Equal(2, findings.Missing.Count);
    }

    [Fact]
    public void A_screen_that_is_behind_or_shows_something_else_or_something_twice_is_found()
    {
        Said("a-1", 1);
        var chat = new SeenChat(Chat, 1, 1, [Seen(1, "a-1")]);
        SeenScreen[] screens =
        [
            new("good", Chat, 1, [Seen(1, "a-1")], []), new("behind", Chat, 0, [], []), new("other", Chat, 1, [Seen(1, "a-1 old")], []), new("twice", Chat, 1, [], ["id1"]),
        ];
        var findings = HistoryChecker.Check(_history.Operations, new Aftermath([chat], screens, []));
        Assert.Equal((2, 1), (findings.Diverged.Count, findings.Twice.Count));
        Assert.Equal(3, findings.All.Count());
    }

    private void Said(string text, long seq) => _history.Ok(_history.Invoke(OperationKind.Send, "a", Chat, text), "id" + seq, seq);

    private void Edited(string key, string text) => _history.Ok(_history.Invoke(OperationKind.Edit, "a", Chat, text), key);

    private static SeenMessage Seen(long seq, string? content, long? rev = null) => new("id" + seq, seq, rev ?? seq, content);

    private Findings Check(params SeenMessage[] messages) =>
        HistoryChecker.Check(_history.Operations, new Aftermath([new SeenChat(Chat, messages[^1].Seq, 100, messages)], [], []));
}
