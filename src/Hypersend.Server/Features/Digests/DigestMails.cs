using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Mail;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Digests;

/// <summary>
/// Writes to who has been away for a day and wants it, at most once a day. Every node does it; the row that is moved decides whose
/// letter it is. It is moved before the letter goes and back when nobody took it: a node that dies in between has sent it once or
/// not at all.
/// </summary>
internal sealed partial class DigestMails(
    IDigestStore store, DigestTokens tokens, Outbox outbox, ServerOptions server, MailOptions mail, LiveSettings settings, TimeProvider clock, ILogger<DigestMails> log)
    : BackgroundLoop(log)
{
    private const int Step = 100;

    // One address that is refused says nothing of the others; so many in a row are a mail server that is away.
    private const int Patience = 3;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(15);

    private readonly ILogger _log = log;

    /// <summary>Looks through all whose turn it is, until they are done or the mail server is found to be away.</summary>
    public async Task SendDueAsync(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var turn = new DigestTurn(now - Day, now - Day, now);
        var failures = 0;
        while (await store.DueAsync(turn, Step, stopping) is { Count: > 0 } people)
        {
            foreach (var person in people)
            {
                stopping.ThrowIfCancellationRequested();
                failures = await TryOneAsync(person, turn) ? 0 : failures + 1;
                if (failures == Patience)
                    return;
            }
        }
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (!mail.Digests)
            return;
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await SendDueAsync(stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Failed(_log, exception);
            }
        }
    }

    // What was begun is ended: a letter cut short by a stop may have gone, and would go a second time.
    private async Task<bool> TryOneAsync(UserId person, DigestTurn turn)
    {
        if (await store.TakeAsync(person, turn, CancellationToken.None) is not { } digest
            || DigestLetter.Of(digest, settings.BrandName, server.PublicUrl, tokens.AddressFor(person, server.PublicUrl)) is not { } letter)
            return true;
        if (await outbox.TrySendAsync(letter, CancellationToken.None))
            return true;
        await store.PutOffAsync(digest, turn.Now + Every, CancellationToken.None);
        return false;
    }

    [LoggerMessage(821, LogLevel.Warning, "The round of digests failed; it will be tried again")]
    private static partial void Failed(ILogger log, Exception exception);
}
