using Hypersend.Contracts.Accounts;

namespace Hypersend.Sdk.Accounts;

/// <summary>The server confirms addresses: the account is made when the link of its mail is opened.</summary>
public sealed class ConfirmationNeededException : Exception
{
    internal ConfirmationNeededException(ConfirmationSent sent)
        : base($"A mail was sent to {sent.Email}; its link makes the account.") => Sent = sent;

    /// <summary>Where the mail went, and for how long its link is good.</summary>
    public ConfirmationSent Sent { get; }
}
