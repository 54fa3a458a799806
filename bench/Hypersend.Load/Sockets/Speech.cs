using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Hypersend.Load.Sockets;

/// <summary>A message said again and again, made once: only its numbers and its mark are written anew each time.</summary>
internal sealed class Speech
{
    /// <summary>Stands for nine digits, the number of the message.</summary>
    public const string Number = "%number__%";

    /// <summary>Stands for the mark.</summary>
    public const string MarkHere = "%mark______________________________%";

    private const int Digits = 9;

    private readonly byte[] _bytes;
    private readonly List<int> _numbers = [];
    private readonly int _mark;
    private readonly int _sender;

    /// <summary>Takes what goes over the wire, with the words above where numbers and mark belong.</summary>
    public Speech(string text, int sender)
    {
        for (int at; (at = text.IndexOf(Number, StringComparison.Ordinal)) >= 0;)
        {
            text = text[..at] + new string('0', Digits) + text[(at + Number.Length)..];
            _numbers.Add(Encoding.UTF8.GetByteCount(text.AsSpan(0, at)));
        }

        var mark = text.IndexOf(MarkHere, StringComparison.Ordinal);
        text = text.Replace(MarkHere, new string('0', Mark.Length), StringComparison.Ordinal);
        if (text.Contains('%', StringComparison.Ordinal))
            throw new ArgumentException("A speech has one mark, and its numbers come before it.", nameof(text));
        _mark = Encoding.UTF8.GetByteCount(text.AsSpan(0, mark));
        _bytes = Encoding.UTF8.GetBytes(text);
        _sender = sender;
    }

    public void Say(LoadSocket socket, int number)
    {
        foreach (var at in _numbers)
            number.TryFormat(_bytes.AsSpan(at, Digits), out _, "D9", CultureInfo.InvariantCulture);
        new Mark(_sender, number, Stopwatch.GetTimestamp()).Write(_bytes.AsSpan(_mark));
        socket.Queue(_bytes);
    }

    /// <summary>A content of the given length with the mark in it: words, nothing that JSON escapes.</summary>
    public static string Content(int length)
    {
        const string Words = "Shall we meet at the harbour at seven, before the others come? I bring the lamp and the map, you bring the bread. ";
        var text = new StringBuilder(MarkHere).Append(' ');
        while (text.Length - MarkHere.Length + Mark.Length < length)
            text.Append(Words);
        text.Length = MarkHere.Length - Mark.Length + length;
        return text.ToString();
    }
}
