using System.Runtime.InteropServices;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>
/// Several segments are read side by side and written as one. Of a message that is in several of them the newest entry stays; those
/// of chats that are gone are left out.
/// </summary>
internal sealed class SegmentMerge(SegmentRun run, SegmentWriter writer, Func<long, long, Task<IReadOnlyList<Block>>> read, Func<Task<bool>> keep)
{
    private const int Nowhere = -1;

    private readonly MergeInput[] _inputs = [.. run.Segments.Select(segment => new MergeInput(segment))];

    /// <summary>False when it has to be left.</summary>
    public async Task<bool> RunAsync()
    {
        if (!await MergeDocsAsync() || !await MergeTermsAsync())
            return false;
        writer.End();
        return true;
    }

    private async Task<bool> MergeDocsAsync()
    {
        foreach (var input in _inputs)
        {
            input.Begin(Block.Docs);
            await NextDocAsync(input);
        }

        while (First() is { } first)
        {
            var doc = first.Doc;
            var isKept = !run.Gone.Contains(MessageKey.ChatOf(doc.Key));
            foreach (var input in _inputs)
            {
                if (!input.HasDoc || input.Doc != doc)
                    continue;
                input.Numbers[input.DocsRead++] = isKept && input == first ? writer.Docs : Nowhere;
                if (!input.TryNextDoc())
                    await NextDocAsync(input);
            }

            if (isKept)
                writer.Add(doc);
            if (writer.Ready.Count > 0 && !await keep())
                return false;
        }

        return true;
    }

    private async Task<bool> MergeTermsAsync()
    {
        foreach (var input in _inputs)
        {
            input.Begin(Block.Terms);
            await NextTermAsync(input);
        }

        var numbers = new List<int>();
        while (Least() is { } term)
        {
            numbers.Clear();
            foreach (var input in _inputs)
            {
                while (input.HasTerm && input.Term == term)
                {
                    input.TakePiece(numbers);
                    if (!input.TryNextTerm())
                        await NextTermAsync(input);
                }
            }

            var list = CollectionsMarshal.AsSpan(numbers);
            if (!IsAscending(list))
                list.Sort();
            writer.Add(term, list);
            if (writer.Ready.Count > 0 && !await keep())
                return false;
        }

        return true;
    }

    private MergeInput? First()
    {
        MergeInput? first = null;
        foreach (var input in _inputs)
        {
            // Of the same message the last in the row is the newest.
            if (input.HasDoc && (first is null || input.Doc.CompareTo(first.Doc) <= 0))
                first = input;
        }

        return first;
    }

    private uint? Least()
    {
        uint? least = null;
        foreach (var input in _inputs)
        {
            if (input.HasTerm && !(input.Term >= least))
                least = input.Term;
        }

        return least;
    }

    private async Task NextDocAsync(MergeInput input)
    {
        input.Take(await read(input.Next, input.End));
        _ = input.TryNextDoc();
    }

    private async Task NextTermAsync(MergeInput input)
    {
        input.Take(await read(input.Next, input.End));
        _ = input.TryNextTerm();
    }

    private static bool IsAscending(ReadOnlySpan<int> numbers)
    {
        for (var i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] < numbers[i - 1])
                return false;
        }

        return true;
    }
}
