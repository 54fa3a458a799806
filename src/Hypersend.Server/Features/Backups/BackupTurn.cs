using System.Security.Cryptography;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Backups;

/// <summary>
/// Holds the lease of backups and renews it: until it is let go of, no bytes are swept, on no node. Whoever dies with it lets go of it
/// by its end.
/// </summary>
internal sealed class BackupTurn : IAsyncDisposable
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IBackupLease _lease;
    private readonly TimeProvider _clock;
    private readonly string _holder;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _renewing;

    private BackupTurn(IBackupLease lease, TimeProvider clock, string holder)
    {
        (_lease, _clock, _holder) = (lease, clock, holder);
        _renewing = RenewAsync();
    }

    /// <summary>Cancelled when the lease could not be renewed in time: what is copied after that may be gone.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Waits for the end of another backup's lease when that one died; refuses when it lives.</summary>
    public static async Task<BackupTurn> TakeAsync(IBackupLease lease, TimeProvider clock, Action waiting, CancellationToken cancellation)
    {
        var holder = $"{Environment.MachineName}/{Environment.ProcessId}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var (began, said) = (clock.GetTimestamp(), false);
        while (!await TryTakeAsync(lease, clock, began, holder, cancellation))
        {
            if (clock.GetElapsedTime(began) > Length + Renewal)
                throw new BackupRefusedException("Another backup of this server is being made.");
            if (!said)
                waiting();
            said = true;
            await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellation);
        }

        return new BackupTurn(lease, clock, holder);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewing;
        try
        {
            await _lease.EndAsync(_holder, CancellationToken.None);
        }
        catch (EngineUnavailableException)
        {
            // Its time ends it.
        }

        _end.Dispose();
        _lost.Dispose();
    }

    /// <summary>A writer that never rests may leave us no moment at once; the lease is worth a second try.</summary>
    private static async Task<bool> TryTakeAsync(IBackupLease lease, TimeProvider clock, long began, string holder, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await lease.TakeAsync(holder, Length, cancellation);
            }
            catch (EngineUnavailableException) when (clock.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(20, 200)), clock, cancellation);
            }
        }
    }

    private async Task RenewAsync()
    {
        var renewed = _clock.GetTimestamp();
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Renewal, _clock, _end.Token);
                var asked = _clock.GetTimestamp();
                if (!await _lease.TakeAsync(_holder, Length, _end.Token))
                    break;
                renewed = asked;
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is EngineUnavailableException or QueueFullException && _clock.GetElapsedTime(renewed) < Length - Renewal)
            {
                // It is still ours; the next try is soon enough.
            }
            catch (Exception exception) when (exception is EngineUnavailableException or QueueFullException)
            {
                break;
            }
        }

        if (!_end.IsCancellationRequested)
            await _lost.CancelAsync();
    }
}
