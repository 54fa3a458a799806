using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Sdk.Files;

/// <summary>
/// Carries one file to the server: several chunks at once, each with its digest, each as often as it needs. Whatever ends
/// it, what was acknowledged stays; <see cref="Begun"/> says with what another one, even of another process, goes on.
/// </summary>
public sealed partial class FileUpload
{
    // Each of its chunks is kept in memory until it is there, and those of an unknown size are large.
    private const int LanesOfStream = 2;

    // Chunks of a file lie in memory as long as no more than this is needed for all lanes; larger ones are read twice.
    private const long KeptOfFile = 64 << 20;
    private const long KeptOfStream = 32 << 20;

    // Of a stream the one that is sent, and the beginning of the next.
    private const int BlocksAhead = 16;

    private readonly FilesClient _files;
    private readonly UploadSource _source;
    private readonly TransferOptions _options;
    private readonly ProgressMeter _meter;
    private readonly InitUploadRequest? _request;
    private Width _width = Width.Adaptive(Width.Usual);
    private FileId? _id;
    private string? _token;

    internal FileUpload(FilesClient files, UploadSource source, InitUploadRequest request, TransferOptions options)
        : this(files, source, options) => _request = request with
        {
            Size = source.Size,

            // Asked again after a lost answer, the server gives the same upload.
            ClientId = request.ClientId ?? Guid.CreateVersion7(options.Clock.GetUtcNow()).ToString(),
        };

    internal FileUpload(FilesClient files, UploadSource source, FileId id, string? token, TransferOptions options)
        : this(files, source, options) => (_id, _token) = (id, token);

    private FileUpload(FilesClient files, UploadSource source, TransferOptions options)
    {
        (_files, _source, _options) = (files, source, options);
        _meter = new ProgressMeter(options.Clock, progress => Progressed?.Invoke(progress), () => _width.Lanes);
    }

    /// <summary>The server has it: its id and its token are what a later run goes on with.</summary>
    public event Action<Upload>? Begun;

    /// <summary>Something failed that passes: the next try comes after so long.</summary>
    public event Action<Exception, TimeSpan>? Waiting;

    /// <summary>How far it is, at most ten times a second.</summary>
    public event Action<FileProgress>? Progressed;

    /// <summary>
    /// Sends what is missing and publishes the file. After a failure it may be run again as long as its source is a file.
    /// </summary>
    public async Task<CompletedUpload> RunAsync(CancellationToken cancellation = default)
    {
        var plan = await BeginAsync(cancellation);
        _meter.Begin(plan.Size, plan.TotalChunks);
        while (true)
        {
            await SendAllAsync(plan, cancellation);
            _source.Check();
            var root = plan.Root();
            try
            {
                var done = await PersistAsync(late => _files.CompleteAsync(plan.Id, root, _token, late), cancellation);
                if (done.Sha256Root != root)
                    throw new InvalidDataException($"The server has a file of the root {done.Sha256Root}, and {root} was sent.");
                _meter.End();
                return done;
            }
            catch (HypersendException refusal) when (refusal.Code == ErrorCodes.ChunksMissing && _source.CanSeek)
            {
                // What was said to be there was not: it is sent once more, as long as that helps.
                if (!plan.Forget((await StatusAsync(cancellation)).Received))
                    throw;
            }
        }
    }

    private async Task<UploadPlan> BeginAsync(CancellationToken cancellation)
    {
        if (_id is { } known)
        {
            var status = await PersistAsync(late => _files.GetStatusAsync(known, _token, late), cancellation);
            if (_source.Size is { } size && status.Size is { } expected && size != expected)
                throw new InvalidDataException($"The upload is of {expected} bytes, and the source has {size}.");
            return new UploadPlan(known, status.Size, status.ChunkSize, status.TotalChunks, Width.Usual, status.Received);
        }

        var upload = await PersistAsync(late => _files.InitAsync(_request!, late), cancellation);
        (_id, _token) = (upload.UploadId, upload.UploadToken);
        Begun?.Invoke(upload);
        return new UploadPlan(upload.UploadId, _request!.Size, upload.ChunkSize, upload.TotalChunks, upload.MaxParallel, upload.Received);
    }

    private async Task SendAllAsync(UploadPlan plan, CancellationToken cancellation)
    {
        _width = WidthFor(plan);
        var lanes = Math.Clamp(plan.TotalChunks ?? _width.Limit, 1, _width.Limit);
        using var turns = new Turns(_width);
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var taking = new SemaphoreSlim(1);
        using var blocks = MemoryFor(plan, lanes);
        _landedAt = _options.Clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    await new Lane(this, plan, turns, taking, blocks).RunAsync(failing.Token);
                }
                catch
                {
                    await failing.CancelAsync();
                    throw;
                }
            },
            CancellationToken.None)));
    }

    private Width WidthFor(UploadPlan plan) => (_options.Lanes, _source.CanSeek) switch
    {
        (null, true) => Width.Adaptive(plan.MaxParallel),
        ({ } wish, true) => Width.Fixed(wish),
        var (wish, _) => Width.Fixed(Math.Min(wish ?? plan.MaxParallel, LanesOfStream)),
    };

    private Blocks? MemoryFor(UploadPlan plan, int lanes)
    {
        var ofChunk = Blocks.CountFor(plan.ChunkSize);
        if (!_source.CanSeek)
            return new Blocks(Math.Max((int)(KeptOfStream / Blocks.Length), ofChunk + BlocksAhead));
        return (long)lanes * plan.ChunkSize <= KeptOfFile ? new Blocks(lanes * ofChunk) : null;
    }

    private async Task WaitAsync(Exception failure, TimeSpan wait, CancellationToken cancellation)
    {
        Waiting?.Invoke(failure, wait);
        await Task.Delay(wait, _options.Clock, cancellation);
    }

    /// <summary>Asked by the session where there is one, so that it brings a new token as well.</summary>
    private async Task<UploadStatus> StatusAsync(CancellationToken cancellation)
    {
        var status = await _files.GetStatusAsync(_id!.Value, _files.IsSignedIn ? null : _token, cancellation);
        _token = status.UploadToken ?? _token;
        return status;
    }

    /// <summary>A small call, as often as it takes.</summary>
    private async Task<T> PersistAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        var tries = new Tries(_options);
        while (true)
        {
            try
            {
                return await tries.TryAsync(call, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested && CanHelp(failure) && tries.MayGoOn(failure))
            {
                await WaitAsync(failure, tries.Wait(failure), cancellation);
                if (RetryRules.Of(failure) == NextStep.RenewToken)
                    await StatusAsync(cancellation);
            }
        }
    }

    // What is missing is sent, not asked for again; and where there is no upload yet, there is no token of it to renew.
    private bool CanHelp(Exception failure) =>
        failure is not HypersendException { Code: ErrorCodes.ChunksMissing or ErrorCodes.ChecksumMismatch } && (_id is not null || RetryRules.Of(failure) != NextStep.RenewToken);
}
