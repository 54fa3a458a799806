using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Begins an upload: everything that can refuse it is asked before the first byte. With a chat the message exists at once.
/// </summary>
internal sealed class InitUpload(
    IUploadStore store, IBlobStore blobs, MessageWriter messages, EndFile end, UploadTokens tokens, LiveSettings settings, FileOptions options, TimeProvider clock)
{
    public async Task<Result<Upload>> HandleAsync(Caller caller, InitUploadRequest request, CancellationToken cancellation)
    {
        if (!(await BeginAsync(caller, request, null, null, shows: true, cancellation)).Succeeded(out var opened, out var failure))
            return failure;
        return Present(caller, opened.Stored, opened.Message);
    }

    /// <summary>The same for a file with a role, which came by tus. What is not shown in its chat at once has to be by <see cref="ShowAsync"/>.</summary>
    public async Task<Result<OpenedUpload>> BeginAsync(
        Caller caller, InitUploadRequest request, string? role, string? tusMetadata, bool shows, CancellationToken cancellation)
    {
        if (!Plan(caller.UserId, request).Succeeded(out var file, out var refusal))
            return refusal;
        if (request.ChatId is not null && MessageRules.RefuseText(request.Caption ?? "") is { } wrong)
            return wrong;
        file = file with { Role = role, TusMetadata = tusMetadata };
        if (!(await store.BeginAsync(file, Limits(), clock.GetUtcNow(), cancellation)).Succeeded(out var begun, out var failure))
            return failure;
        if (!(await OpenAsync(begun)).Succeeded(out var opened, out var gone))
            return gone;
        return shows ? await ShowAsync(caller, request, opened) : opened;
    }

    public long MaxFileSize => options.MaxFileSize;

    /// <summary>What an upload may take at this moment.</summary>
    public UploadLimits Limits() => new(
        settings.DefaultQuotaBytes, blobs.FreeBytes is { } free ? free - options.FreeSpaceFloor : null, options.MaxFileSize, options.UploadLife)
    { AllowedTypes = options.AllowedTypes };

    // From here on a client that goes does not stop it half way; what it sees of an answer, it may ask for again.
    private async Task<Result<OpenedUpload>> OpenAsync(BegunUpload begun)
    {
        if (begun.File.State == FileRow.Creating)
        {
            if (begun.File.BytesNo is null && begun.File.Role != FileRoles.Joined)
                await blobs.CreateAsync(begun.File.Id, CancellationToken.None);
            await store.OpenAsync(begun.File.Id, CancellationToken.None);
        }

        return await store.FindAsync(begun.File.Id, CancellationToken.None) is { } stored
            ? new OpenedUpload(stored, null, begun.Repeated)
            : new Failure(ErrorCodes.NotFound);
    }

    /// <summary>The message that carries it, if a chat was named. Where that is refused, the upload is over.</summary>
    public async Task<Result<OpenedUpload>> ShowAsync(Caller caller, InitUploadRequest request, OpenedUpload opened)
    {
        if (request.ChatId is null)
            return opened;
        var id = opened.Stored.File.Id;
        var sent = await messages.SendAsync(MessageOf(caller.UserId, request, id));
        if (sent.Succeeded(out var outcome, out var refusal))
            return opened with { Message = JsonSerializer.Deserialize(outcome.Message.Span, HypersendJson.Wire.Message) };
        if (!opened.Repeated)
            await end.HandleAsync(id, FileStates.Failed, CancellationToken.None);
        return refusal;
    }

    public Upload Present(Caller caller, StoredUpload stored, Message? message) => new()
    {
        UploadId = stored.File.Id,
        FileId = stored.File.Id,
        UploadToken = tokens.Issue(stored.File.Id, caller.SessionId, stored.File.ExpiresAt),
        ChunkSize = stored.File.ChunkSize,
        TotalChunks = new ChunkGrid(stored.File.Size, stored.File.ChunkSize).Total,
        MaxParallel = FileOptions.MaxParallel,
        ExpiresAt = stored.File.ExpiresAt,
        Received = new ChunkSet(stored.Chunks).Ranges(),
        Message = message,
    };

    private Result<NewFile> Plan(UserId owner, InitUploadRequest request)
    {
        if (FileNames.Clean(request.Filename ?? "") is not { } filename)
            return Failure.OfField(ErrorCodes.InvalidFilename, "filename", "has nothing left when it is cleaned");
        string? path = null;
        if (request.Path is not null && (path = FileNames.CleanPath(request.Path)) is null)
            return Failure.OfField(ErrorCodes.InvalidFilename, "path", "must be a path inside the folder that is sent");
        if (request.Size > options.MaxFileSize)
            return UploadRules.TooLarge(options.MaxFileSize);
        if (ChunkGrid.Plan(request.Size, request.ChunkSize, options.ChunkSize) is not { } grid)
            return Failure.OfField(ErrorCodes.ValidationFailed, "chunk_size", "must be a power of two from 1 to 64 MiB that cuts the file into at most 9000 chunks");
        var mime = MediaTypes.Normalize(request.Mime);
        if (!MediaTypes.IsAllowed(mime, options.AllowedTypes))
            return new Failure(ErrorCodes.MediaTypeRefused);
        var now = clock.GetUtcNow();
        if (UploadRules.RefuseRetention(request.Retention, now) is { } refusal)
            return refusal;
        return new NewFile
        {
            Id = new FileId(Guid.CreateVersion7(now)),
            Owner = owner,
            Filename = filename,
            Path = path,
            Kind = request.Voice is true ? MessageTypes.Voice : MediaTypes.KindOf(mime, voice: false),
            Mime = mime,
            Size = request.Size,
            ChunkSize = grid.ChunkSize,
            Width = request.Width,
            Height = request.Height,
            DurationMs = request.Duration is { } seconds ? (long)Math.Round(seconds * 1000) : null,
            KnownRoot = RootHash.TryRead(request.Sha256Root, out var root) ? root : null,
            RetentionMode = request.Retention?.Mode ?? RetentionModes.Keep,
            RetentionAt = request.Retention?.Mode == RetentionModes.Until ? request.Retention.At : null,
            RetentionCount = request.Retention?.Mode == RetentionModes.Downloads ? request.Retention.Count : null,
            ClientKey = request.ClientId is { } clientId ? $"{request.ChatId}:{clientId}" : null,
        };
    }

    private static NewMessage MessageOf(UserId sender, InitUploadRequest request, FileId file) => new()
    {
        Sender = sender,
        Chat = request.ChatId!.Value,
        Content = request.Caption ?? "",
        ClientId = request.ClientId,
        ReplyTo = request.ReplyTo,
        Thread = request.Thread,
        Files = [file],
    };
}

/// <summary>An upload that takes bytes from here on, and the message that shows it.</summary>
internal sealed record OpenedUpload(StoredUpload Stored, Message? Message, bool Repeated);
