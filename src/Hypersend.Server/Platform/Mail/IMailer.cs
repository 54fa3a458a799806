namespace Hypersend.Server.Platform.Mail;

/// <summary>A plain-text mail to one person.</summary>
internal sealed record Letter(string To, string Subject, string Text)
{
    // The text holds reset links: it must not reach a log by way of a record's own printing.
    public override string ToString() => "Letter";
}

/// <summary>Hands one letter to whatever delivers it; throws when that did not take it.</summary>
internal interface IMailer
{
    /// <summary>Where letters go, for the log and the status page.</summary>
    string Name { get; }

    Task SendAsync(Letter letter, CancellationToken cancellation);
}
