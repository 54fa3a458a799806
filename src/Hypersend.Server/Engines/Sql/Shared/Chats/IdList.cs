using System.Globalization;
using Dapper;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>
/// A list of ids for IN. It is filled up to a power of two, so that few texts arise: every one is prepared and kept.
/// </summary>
internal static class IdList
{
    /// <summary>Adds the values and gives the brackets; of no ids, a list that nothing is in.</summary>
    public static string In<TId>(DynamicParameters values, string name, IReadOnlyCollection<TId> ids)
        where TId : struct
    {
        if (ids.Count == 0)
            return "(NULL)";
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)ids.Count);
        var names = new string[size];
        var i = 0;
        foreach (var id in ids)
            Add(id);
        var last = ids.Last();
        while (i < size)
            Add(last);
        return "(" + string.Join(", ", names) + ")";

        void Add(TId id)
        {
            names[i] = string.Create(CultureInfo.InvariantCulture, $"@{name}{i}");
            values.Add(names[i], id);
            i++;
        }
    }
}
