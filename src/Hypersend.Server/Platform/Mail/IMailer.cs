namespace Hypersend.Server.Platform.Mail;

/// <summary>A plain-text mail to one person.</summary>
internal sealed record Letter(string To, string Subject, string Text)
{
    /// <summary>Where a mail program ends letters of this kind with one POST (RFC 8058); null for those that were asked for.</summary>
    public Uri? Unsubscribe { get; init; }

    // The text holds reset links: it must not reach a log by way of a record's own printing.
    public override string ToString() => "Letter";
}

/// <summary>Nobody will ever take this letter; to try again is no use.</summary>
internal sealed class LetterRefusedException(string reason, Exception inner) : Exception(reason, inner);

/// <summary>Hands one letter to whatever delivers it; throws when that did not take it (now, or with <see cref="LetterRefusedException"/> ever).</summary>
internal interface IMailer
{
    /// <summary>Where letters go, for the log and the status page.</summary>
    string Name { get; }

    Task SendAsync(Letter letter, CancellationToken cancellation);
}
