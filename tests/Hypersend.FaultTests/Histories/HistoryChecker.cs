namespace Hypersend.FaultTests.Histories;

/// <summary>Compares what clients were answered with what is there when all is over: a pure function.</summary>
internal static class HistoryChecker
{
    public static Findings Check(IReadOnlyList<Operation> history, Aftermath seen)
    {
        var findings = new Findings
        {
            Acknowledged = history.Count(operation => operation.Outcome == Outcome.Ok),
            Unknown = history.Count(operation => operation.Outcome == Outcome.Unknown),
        };
        var said = history.Where(operation => operation.Kind != OperationKind.Edit).ToDictionary(operation => operation.Key);
        foreach (var chat in seen.Chats)
        {
            CheckNumbers(chat, findings);
            CheckPresence(chat, said, findings);
            CheckOrder(chat, said, findings);
        }

        CheckEdits(history, said, seen.Chats, findings);
        CheckFiles(said.Values, seen.Files, findings);
        foreach (var screen in seen.Screens)
            CheckScreen(screen, seen.Chats.First(chat => chat.Id == screen.Chat), findings);
        return findings;
    }

    private static void CheckNumbers(SeenChat chat, Findings findings)
    {
        for (var at = 0; at < chat.Messages.Count; at++)
        {
            if (chat.Messages[at].Seq == at + 1)
                continue;
            findings.Gaps.Add($"{chat.Id}: place {at + 1} is {chat.Messages[at].Seq}");
            break;
        }

        if (chat.LastSeq != chat.Messages.Count)
            findings.Gaps.Add($"{chat.Id}: the last number is {chat.LastSeq} of {chat.Messages.Count} messages");
        foreach (var shared in chat.Messages.GroupBy(message => message.Rev).Where(group => group.Count() > 1))
            findings.Gaps.Add($"{chat.Id}: rev {shared.Key} is of {shared.Count()} messages");
        foreach (var ahead in chat.Messages.Where(message => message.Rev > chat.Rev))
            findings.Gaps.Add($"{chat.Id}: {ahead.Id} is at rev {ahead.Rev} and its chat at {chat.Rev}");
    }

    private static void CheckPresence(SeenChat chat, Dictionary<string, Operation> said, Findings findings)
    {
        var there = chat.Messages.Where(message => message.Key is not null).GroupBy(message => message.Key!).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var (key, messages) in there)
        {
            if (messages.Count > 1)
                findings.Twice.Add($"{chat.Id}: {key} is there {messages.Count} times");
            if (!said.TryGetValue(key, out var operation) || operation.Chat != chat.Id)
                findings.Unexpected.Add($"{chat.Id}: nobody said {key} here");
            else if (operation.Outcome == Outcome.Failed)
                findings.Unexpected.Add($"{chat.Id}: {key} was refused, and is there");
        }

        foreach (var operation in said.Values.Where(operation => operation.Chat == chat.Id && operation.Outcome == Outcome.Ok))
        {
            if (!there.TryGetValue(operation.Key, out var messages))
                findings.Missing.Add($"{chat.Id}: {operation.Key} was acknowledged, and is not there");
            else if (operation.Seq > 0 && messages.TrueForAll(message => message.Seq != operation.Seq || message.Id != operation.Id))
                findings.Missing.Add($"{chat.Id}: {operation.Key} was acknowledged as {operation.Id}, and is {messages[0].Id}");
        }
    }

    // What was over before something else began stands before it. Of what ran beside each other either may be first.
    private static void CheckOrder(SeenChat chat, Dictionary<string, Operation> said, Findings findings)
    {
        var placed = chat.Messages.Where(message => message.Key is { } key && said.ContainsKey(key))
            .Select(message => (message.Seq, Operation: said[message.Key!])).ToList();
        var ended = placed.Where(one => one.Operation is { Outcome: Outcome.Ok, EndedAt: not null }).OrderBy(one => one.Operation.EndedAt).ToList();
        var (next, highest) = (0, 0L);
        foreach (var (seq, operation) in placed.OrderBy(one => one.Operation.InvokedAt))
        {
            for (; next < ended.Count && ended[next].Operation.EndedAt < operation.InvokedAt; next++)
                highest = Math.Max(highest, ended[next].Seq);
            if (seq < highest)
                findings.Disorder.Add($"{chat.Id}: {operation.Key} is at {seq}, behind it stands what was over when it began ({highest})");
        }
    }

    private static void CheckEdits(IReadOnlyList<Operation> history, Dictionary<string, Operation> said, IReadOnlyList<SeenChat> chats, Findings findings)
    {
        var contents = chats.SelectMany(chat => chat.Messages).Where(message => message.Content is not null).ToLookup(message => message.Key!, message => message.Content!);
        foreach (var edits in history.Where(operation => operation is { Kind: OperationKind.Edit, Outcome: not Outcome.Failed }).GroupBy(operation => operation.Key))
        {
            var acknowledged = edits.Where(edit => edit.Outcome == Outcome.Ok).ToList();

            // The last word is one that nothing acknowledged came after: an edit without an answer may still have come at the very end.
            var allowed = edits.Where(edit => edit.Outcome == Outcome.Unknown || acknowledged.TrueForAll(other => other.InvokedAt < edit.EndedAt))
                .Select(edit => edit.Text).ToHashSet(StringComparer.Ordinal);
            if (acknowledged.Count == 0 && said.TryGetValue(edits.Key, out var first))
                allowed.Add(first.Text);
            foreach (var content in contents[edits.Key].Where(content => !allowed.Contains(content)))
                findings.Missing.Add($"{edits.Key}: it says \"{content}\", and an edit after that was acknowledged");
        }

        var edited = history.Where(operation => operation.Kind == OperationKind.Edit).Select(operation => operation.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var operation in said.Values.Where(operation => operation.Kind == OperationKind.Send && !edited.Contains(operation.Key)))
        {
            foreach (var content in contents[operation.Key].Where(content => content != operation.Text))
                findings.Unexpected.Add($"{operation.Key}: it says \"{content}\", and nobody wrote that");
        }
    }

    private static void CheckFiles(IEnumerable<Operation> said, IReadOnlyList<SeenFile> files, Findings findings)
    {
        var roots = files.ToDictionary(file => file.Id, file => file.Root);
        foreach (var upload in said.Where(operation => operation is { Kind: OperationKind.Upload, Outcome: Outcome.Ok }))
        {
            // What was sent stands behind the key.
            if (!roots.TryGetValue(upload.Id!, out var root) || root != upload.Text.Split(' ')[^1])
                findings.Missing.Add($"file {upload.Id}: other bytes came back than were acknowledged");
        }
    }

    private static void CheckScreen(SeenScreen screen, SeenChat chat, Findings findings)
    {
        foreach (var id in screen.ShownTwice)
            findings.Twice.Add($"{screen.Who} was shown {id} twice");
        if (screen.Rev != chat.Rev)
            findings.Diverged.Add($"{screen.Who} is at rev {screen.Rev} of {chat.Id}, which is at {chat.Rev}");
        var there = chat.Messages.ToDictionary(message => message.Seq);
        foreach (var message in screen.Messages.Where(message => !there.TryGetValue(message.Seq, out var real) || real != message))
            findings.Diverged.Add($"{screen.Who} shows {message.Id} as it is not");
    }
}
