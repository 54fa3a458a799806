using Hypersend.Server.Features.Search;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>A segment of messages that have just been read.</summary>
internal static class SegmentBuilder
{
    private const int Digit = 11;
    private const int Digits = 3;

    /// <summary>One without terms stands for a message that is gone: it takes the place of what was known of it.</summary>
    public static SegmentWriter Build(long segment, IReadOnlyList<IndexedMessage> messages)
    {
        var writer = new SegmentWriter(segment);
        var sorted = messages.OrderBy(message => message.At).ThenBy(message => message.Key).ToArray();
        var entries = new ulong[sorted.Sum(message => message.Terms?.Length ?? 0)];
        var count = 0;
        for (var number = 0; number < sorted.Length; number++)
        {
            writer.Add(new Doc(sorted[number].At, sorted[number].Key));
            foreach (var term in sorted[number].Terms ?? [])
                entries[count++] = ((ulong)(uint)term << 32) | (uint)number;
        }

        entries = Sort(entries);
        var docs = new int[sorted.Length];
        for (var from = 0; from < entries.Length;)
        {
            var (term, length) = (entries[from] >> 32, 0);
            for (; from < entries.Length && entries[from] >> 32 == term; from++)
            {
                // A message may name a term more than once.
                var number = (int)(uint)entries[from];
                if (length == 0 || docs[length - 1] != number)
                    docs[length++] = number;
            }

            writer.Add((uint)term, docs.AsSpan(0, length));
        }

        writer.End();
        return writer;
    }

    /// <summary>By their terms, a digit after the other from the last; the numbers of a term stay in their order.</summary>
    private static ulong[] Sort(ulong[] entries)
    {
        var other = new ulong[entries.Length];
        Span<int> starts = stackalloc int[1 << Digit];
        for (var digit = 0; digit < Digits; digit++)
        {
            var shift = 32 + (digit * Digit);
            starts.Clear();
            foreach (var entry in entries)
                starts[(int)(entry >> shift) & ((1 << Digit) - 1)]++;
            for (var (i, sum) = (0, 0); i < starts.Length; i++)
                (starts[i], sum) = (sum, sum + starts[i]);
            foreach (var entry in entries)
                other[starts[(int)(entry >> shift) & ((1 << Digit) - 1)]++] = entry;
            (entries, other) = (other, entries);
        }

        return entries;
    }
}
