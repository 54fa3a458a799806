using System.Globalization;
using Hypersend.Contracts.Files;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>What answers say of an upload.</summary>
internal static class TusAnswer
{
    public static void Describe(HttpResponse response, FileRow file)
    {
        if (file.State == FileStates.Ready)
            response.Headers[TusHeaders.FileId] = file.Id.ToString();
        else if (file.State == FileStates.Uploading)
            response.Headers[TusHeaders.Expires] = file.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
    }

    public static void SayOffset(HttpResponse response, FileRow file) =>
        response.Headers[TusHeaders.Offset] = file.ReceivedBytes.ToString(CultureInfo.InvariantCulture);

    /// <summary>All that HEAD says.</summary>
    public static void SayAll(HttpResponse response, StoredTus stored)
    {
        var headers = response.Headers;
        SayOffset(response, stored.File);
        headers.CacheControl = "no-store";
        if (stored.File.Size is { } size)
            headers[TusHeaders.Length] = size.ToString(CultureInfo.InvariantCulture);
        else
            headers[TusHeaders.DeferLength] = "1";
        if (stored.Metadata.Length > 0)
            headers[TusHeaders.Metadata] = stored.Metadata;
        if (stored.File.Role == FileRoles.Part)
            headers[TusHeaders.Concat] = "partial";
        else if (stored.File.Role == FileRoles.Joined)
            headers[TusHeaders.Concat] = "final;" + string.Join(' ', stored.Parts.Select(part => $"/api/v1/tus/{part}"));
    }
}
