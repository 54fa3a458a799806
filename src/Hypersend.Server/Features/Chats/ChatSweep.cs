using Hypersend.Server.Platform;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>
/// Takes away what was in deleted chats, a few rows at a time beside everybody's work, and at the start what a server that
/// died had left: chats, and deleted accounts that are still in some.
/// </summary>
internal sealed partial class ChatSweep(
    IChatStore chats, IMemberStore members, ChangePublisher publisher, TimeProvider clock, ILogger<ChatSweep> log) : BackgroundLoop(log)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _wanted = new(0, 1);

    public void Wake()
    {
        lock (_wanted)
        {
            if (_wanted.CurrentCount == 0)
                _wanted.Release();
        }
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = clock.CreateTimer(_ => Wake(), null, Every, Every);
        while (true)
        {
            try
            {
                await LeaveForGhostsAsync(stopping);
                await SweepAsync(stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Failed(log, exception);
            }

            await _wanted.WaitAsync(stopping);
        }
    }

    private async Task LeaveForGhostsAsync(CancellationToken stopping)
    {
        foreach (var ghost in await members.GhostsAsync(stopping))
        {
            while (await members.LeaveNextAsync(ghost, clock.GetUtcNow(), stopping) is { } change)
                await publisher.PublishAsync(change);
        }
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        while (await chats.SweepAsync(clock.GetUtcNow(), stopping) is { } swept)
        {
            if (swept.Change is { } change)
                await publisher.PublishAsync(change);
        }
    }

    [LoggerMessage(201, LogLevel.Warning, "The sweep of deleted chats failed; it will be tried again")]
    private static partial void Failed(ILogger log, Exception exception);
}
