using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Hypersend.Server.Platform.Http;

/// <summary>
/// A form of several parts, read as it comes: the small fields in front are kept, and the file that follows them is a stream
/// that nobody has to hold in memory or on a disk.
/// </summary>
internal sealed class FormParts(MultipartReader reader)
{
    private const int LongestField = 4096;
    private const int LongestBoundary = 200;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    /// <summary>What came before the file.</summary>
    public IReadOnlyDictionary<string, string> Fields => _fields;

    /// <summary>Null when the request is no such form.</summary>
    public static FormParts? Of(HttpRequest request, Stream body) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= LongestBoundary } boundary
            ? new FormParts(new MultipartReader(boundary.Value!, body))
            : null;

    /// <summary>Goes on to the part of this name, keeping the fields on the way.</summary>
    public async Task<Result<FormFile>> FindAsync(string name, CancellationToken cancellation)
    {
        try
        {
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (section.GetContentDispositionHeader() is not { } disposition)
                    continue;
                var called = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                if (called == name)
                    return new FormFile(section.Body, NameOf(disposition), section.ContentType);
                if (!disposition.IsFileDisposition())
                    _fields[called] = await ReadFieldAsync(section, cancellation);
            }

            return Failure.OfField(ErrorCodes.ValidationFailed, name, "is missing from the form");
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            return Malformed(exception);
        }
    }

    /// <summary>A body that breaks off, or is no form after all. A part whose file name has a star and no value is what the framework trips over.</summary>
    public static bool IsMalformed(Exception exception) => exception is InvalidDataException or (IOException and not BadHttpRequestException) or ArgumentNullException { ParamName: "value" };

    public static Failure Malformed(Exception exception) => new(
        ErrorCodes.MalformedRequest,
        exception is not IOException ? "The form cannot be read: a part of it, or a header of one, is too long or malformed." : "The form breaks off before its end.");

    private static async Task<string> ReadFieldAsync(MultipartSection section, CancellationToken cancellation)
    {
        var buffer = new byte[LongestField + 1];
        var length = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= LongestField ? System.Text.Encoding.UTF8.GetString(buffer, 0, length) : throw new InvalidDataException("A field is longer than 4096 bytes.");
    }

    private static string? NameOf(ContentDispositionHeaderValue disposition)
    {
        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
        return name.HasValue ? name.Value : null;
    }
}

/// <summary>The part that is a file.</summary>
internal sealed record FormFile(Stream Body, string? Filename, string? ContentType);
