using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>What a request has to be like, in the order in which the protocol asks for it: the first that is not met is the answer.</summary>
internal static class TusRequirements
{
    public delegate Failure? Requirement(TusCall call);

    /// <summary>HEAD and DELETE.</summary>
    public static readonly Requirement[] OfAny = [SpeaksOurVersion];

    /// <summary>POST.</summary>
    public static readonly Requirement[] OfCreation = [SpeaksOurVersion, SaysWhatItIsMadeOf, SaysItsLengthOrDefersIt, SaysWhatItIs, SendsBytesIfAny, HasKnownChecksumIfAny, FitsIntoItself];

    /// <summary>PATCH, before the upload is looked for.</summary>
    public static readonly Requirement[] OfBytes = [SpeaksOurVersion, SendsBytes, SaysItsOffset, HasKnownChecksumIfAny, ReadsItsLengthIfAny];

    /// <summary>PATCH, of the upload that it names.</summary>
    public static readonly Requirement[] OfUpload = [IsNotMadeOfParts, GoesOnAtItsEnd, HasRoom];

    private const string PathOfUploads = "/api/v1/tus/";

    public static Failure? Refuse(this Requirement[] requirements, TusCall call) =>
        requirements.Select(meets => meets(call)).FirstOrDefault(failure => failure is not null);

    /// <summary>The upload is not where the request wants to go on, or where it would have come to.</summary>
    public static Failure EndsAt(long offset) => new(ErrorCodes.OffsetMismatch)
    {
        More = new Dictionary<string, JsonElement> { ["offset"] = JsonSerializer.SerializeToElement(offset, HypersendJson.Wire.Int64) },
    };

    private static Failure? SpeaksOurVersion(TusCall call) =>
        call.Headers[TusHeaders.Resumable] == TusHeaders.Version ? null : new Failure(ErrorCodes.TusVersion);

    private static Failure? SendsBytes(TusCall call) => call.ContentType == TusHeaders.Bytes
        ? null
        : new Failure(ErrorCodes.UnsupportedMediaType, $"The bytes of an upload come as Content-Type: {TusHeaders.Bytes}.");

    private static Failure? SaysItsOffset(TusCall call)
    {
        if (call.TryReadNumber(TusHeaders.Offset, out var offset) != true)
            return Malformed(TusHeaders.Offset, "must be a number from 0");
        call.Offset = offset;
        return null;
    }

    private static Failure? ReadsItsLengthIfAny(TusCall call)
    {
        var read = call.TryReadNumber(TusHeaders.Length, out var length);
        if (read == true)
            call.Length = length;
        return read == false ? Malformed(TusHeaders.Length, "must be a number from 0") : null;
    }

    private static Failure? HasKnownChecksumIfAny(TusCall call)
    {
        if (call.Headers[TusHeaders.Checksum].ToString() is not { Length: > 0 } header)
            return null;
        var words = header.Split(' ', 2);
        if (!TusChecksum.IsKnown(words[0]))
            return new Failure(ErrorCodes.UnknownChecksum);
        call.Checksum = words.Length == 2 ? TusChecksum.TryRead(words[0], words[1]) : null;
        return call.Checksum is null ? Malformed(TusHeaders.Checksum, "must be an algorithm and its value in base64") : null;
    }

    private static Failure? SaysWhatItIsMadeOf(TusCall call)
    {
        var header = call.Headers[TusHeaders.Concat].ToString();
        if (header.Length == 0)
            return null;
        if (header == "partial")
        {
            call.IsPart = true;
            return null;
        }

        var parts = new List<FileId>();
        foreach (var address in header.StartsWith("final;", StringComparison.Ordinal) ? header["final;".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            var at = address.LastIndexOf(PathOfUploads, StringComparison.Ordinal);
            if (at < 0 || !call.IsOurs(address) || !Guid.TryParseExact(address.AsSpan(at + PathOfUploads.Length), "D", out var id))
                return Malformed(TusHeaders.Concat, "names what is no upload of this server");
            parts.Add(new FileId(id));
        }

        call.Parts = parts;
        if (parts.Distinct().Count() < parts.Count)
            return Malformed(TusHeaders.Concat, "names a part twice");
        return parts.Count == 0 ? Malformed(TusHeaders.Concat, "must be partial, or final; and the addresses of the parts") : null;
    }

    private static Failure? SaysItsLengthOrDefersIt(TusCall call)
    {
        if (ReadsItsLengthIfAny(call) is { } wrong)
            return wrong;
        var defers = call.Headers[TusHeaders.DeferLength].ToString();
        if (call.Parts is not null)
            return call.Length is null && defers.Length == 0 ? null : Malformed(TusHeaders.Length, "is that of its parts, and not for the client to say");
        if (defers.Length > 0 && defers != "1")
            return Malformed(TusHeaders.DeferLength, "can only be 1");
        return call.Length is null == defers.Length > 0 ? null : Malformed(TusHeaders.Length, "is needed, or Upload-Defer-Length: 1 in its place");
    }

    private static Failure? SaysWhatItIs(TusCall call)
    {
        if (!TusMetadata.Read(call.Headers[TusHeaders.Metadata].ToString()).Succeeded(out var said, out var malformed))
            return malformed;
        if (!TusMetadata.ToRequest(said, call.Length).Succeeded(out var wish, out var refusal))
            return refusal;

        // A part is nothing that a chat could show: what is said of the file counts when it is put together.
        call.Wish = call.IsPart ? wish with { ChatId = null, Caption = null, Retention = null, ClientId = null } : wish;
        return null;
    }

    private static Failure? SendsBytesIfAny(TusCall call)
    {
        if (call.BodyLength is null or 0 && call.ContentType != TusHeaders.Bytes)
            return null;
        return call.Parts is null ? SendsBytes(call) : Malformed(TusHeaders.Concat, "takes no bytes with final");
    }

    private static Failure? FitsIntoItself(TusCall call) => call.BodyLength > call.Length ? TooLarge(call.Length.Value) : null;

    private static Failure? IsNotMadeOfParts(TusCall call) =>
        call.Upload!.File.Role == FileRoles.Joined ? new Failure(ErrorCodes.UploadJoined) : null;

    private static Failure? GoesOnAtItsEnd(TusCall call) => call.Offset == call.Upload!.Offset ? null : EndsAt(call.Upload.Offset);

    private static Failure? HasRoom(TusCall call)
    {
        var size = call.Upload!.File.Size;
        if (size is not null && call.Length is not null && size != call.Length)
            return Malformed(TusHeaders.Length, "was another before");
        if (call.Length < call.Offset)
            return Malformed(TusHeaders.Length, "is less than has come");
        return (size ?? call.Length) is { } known && call.Offset + call.BodyLength > known ? TooLarge(known) : null;
    }

    private static Failure TooLarge(long most) => new(ErrorCodes.FileTooLarge, "The request has more bytes than the upload.")
    {
        More = new Dictionary<string, JsonElement> { ["max_size"] = JsonSerializer.SerializeToElement(most, HypersendJson.Wire.Int64) },
    };

    private static Failure Malformed(string header, string message) => Failure.OfField(ErrorCodes.MalformedRequest, header, message);
}
