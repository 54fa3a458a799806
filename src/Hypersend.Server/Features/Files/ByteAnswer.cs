using System.Globalization;

namespace Hypersend.Server.Features.Files;

/// <summary>What is answered to a request for bytes, decided by its headers alone.</summary>
internal sealed record ByteAnswer
{
    private ByteAnswer(int status, Representation what, IReadOnlyList<ByteRange> parts)
    {
        (Status, What, Parts) = (status, what, parts);
        if (parts.Count > 1)
            Multipart = new MultipartRanges(parts, what.ContentType, what.Size, MultipartRanges.NewBoundary());
    }

    /// <summary>200, 206, 304, 412 or 416.</summary>
    public int Status { get; }

    public Representation What { get; }

    /// <summary>The bytes that are sent, in this order.</summary>
    public IReadOnlyList<ByteRange> Parts { get; }

    /// <summary>Null unless there are several parts.</summary>
    public MultipartRanges? Multipart { get; }

    public bool HasBytes => Status is StatusCodes.Status200OK or StatusCodes.Status206PartialContent;

    private long? Length => Multipart?.ContentLength ?? (Status == StatusCodes.Status206PartialContent ? Parts[0].Length : What.Size);

    public static ByteAnswer To(HttpRequest request, Representation what)
    {
        var asked = request.Headers;
        var conditions = new ConditionHeaders(asked.IfMatch, asked.IfUnmodifiedSince, asked.IfNoneMatch, asked.IfModifiedSince);
        switch (Conditions.Evaluate(conditions, what.ETag, what.Modified))
        {
            case ConditionAnswer.NotModified:
                return new ByteAnswer(StatusCodes.Status304NotModified, what, []);
            case ConditionAnswer.Failed:
                return new ByteAnswer(StatusCodes.Status412PreconditionFailed, what, []);
        }

        // Ranges are defined for GET alone.
        var ranges = HttpMethods.IsGet(request.Method) && RangeHolds(asked.IfRange, what) ? ByteRanges.Parse(asked.Range, what.Size) : ByteRanges.Parse(null, what.Size);
        return ranges.Answer switch
        {
            RangeAnswer.Parts => new ByteAnswer(StatusCodes.Status206PartialContent, what, ranges.Parts),
            RangeAnswer.Unsatisfiable => new ByteAnswer(StatusCodes.Status416RangeNotSatisfiable, what, []),
            _ => new ByteAnswer(StatusCodes.Status200OK, what, what.Size == 0 ? [] : [new ByteRange(0, what.Size - 1 ?? ByteRanges.Open)]),
        };
    }

    /// <summary>The same with other parts: of a file whose end is not known, only what is there can be promised.</summary>
    public ByteAnswer With(IReadOnlyList<ByteRange> parts) => new(Status, What, parts);

    /// <summary>The answer to the same request without a range.</summary>
    public ByteAnswer Whole() => new(StatusCodes.Status200OK, What, []);

    /// <summary>The headers of all answers but problems.</summary>
    public void Write(HttpResponse response)
    {
        response.StatusCode = Status;
        var headers = response.Headers;
        headers.ETag = What.ETag;
        if (What.Modified is { } modified)
            headers.LastModified = modified.ToString("R", CultureInfo.InvariantCulture);
        headers.AcceptRanges = "bytes";
        if (!HasBytes)
            return;
        response.ContentType = Multipart?.ContentType ?? What.ContentType;
        response.ContentLength = Length;
        if (Status == StatusCodes.Status206PartialContent && Multipart is null)
            headers.ContentRange = Parts[0].Header(What.Size);
    }

    private static bool RangeHolds(string? ifRange, Representation what) =>
        Conditions.RangeHolds(ifRange, what.ETag, what.Modified) || (what.EarlierTag is { } earlier && Conditions.RangeHolds(ifRange, earlier, null));
}
