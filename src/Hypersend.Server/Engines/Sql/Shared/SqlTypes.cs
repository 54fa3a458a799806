using System.Data;
using Dapper;
using Hypersend.Contracts.Ids;
using Npgsql;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>
/// How our types stand in a column: ids as uuid or 16 big-endian bytes (so that they sort by age), times as whole
/// milliseconds.
/// </summary>
internal static class SqlTypes
{
    private static readonly Lazy<bool> Registered = new(RegisterOnce);

    /// <summary>Returns when they are registered, also when another thread is just doing so.</summary>
    public static void Register() => _ = Registered.Value;

    private static bool RegisterOnce()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.RemoveTypeMap(typeof(Guid?));
        SqlMapper.AddTypeHandler(new InstantHandler());
        SqlMapper.AddTypeHandler(new GuidHandler());
        SqlMapper.AddTypeHandler(new IdHandler<UserId>());
        SqlMapper.AddTypeHandler(new IdHandler<SessionId>());
        SqlMapper.AddTypeHandler(new IdHandler<InviteId>());
        SqlMapper.AddTypeHandler(new IdHandler<ChatId>());
        SqlMapper.AddTypeHandler(new IdHandler<FileId>());
        SqlMapper.AddTypeHandler(new IdHandler<LinkId>());
        SqlMapper.AddTypeHandler(new IdHandler<ScheduledId>());
        SqlMapper.AddTypeHandler(new IdHandler<TransferId>());
        SqlMapper.AddTypeHandler(new IdHandler<SubscriptionId>());
        return true;
    }

    private static object ToColumn(IDbDataParameter parameter, Guid value) =>
        parameter is NpgsqlParameter ? value : value.ToByteArray(bigEndian: true);

    private static Guid FromColumn(object value) =>
        value is byte[] bytes ? new Guid(bytes, bigEndian: true) : (Guid)value;

    private sealed class GuidHandler : SqlMapper.TypeHandler<Guid>
    {
        public override void SetValue(IDbDataParameter parameter, Guid value) => parameter.Value = ToColumn(parameter, value);

        public override Guid Parse(object value) => FromColumn(value);
    }

    private sealed class IdHandler<TId> : SqlMapper.TypeHandler<TId>
        where TId : struct, IId<TId>
    {
        public override void SetValue(IDbDataParameter parameter, TId value) => parameter.Value = ToColumn(parameter, value.Value);

        public override TId Parse(object value) => TId.From(FromColumn(value));
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value.ToUnixTimeMilliseconds();
        }

        public override DateTimeOffset Parse(object value) =>
            DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
    }
}
