using System.Reflection;
using AiPlatform.Domain.Operations;

namespace AiPlatform.Domain.UnitTests.Operations;

public sealed class AuditChainTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Places = [nameof(AuditRecord.ChainId), nameof(AuditRecord.ChainSequence), nameof(AuditRecord.ChainHash)];

    private readonly AuditDigest _digest = new();

    private static IEnumerable<PropertyInfo> Fields =>
        typeof(AuditRecord).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => !Places.Contains(property.Name));

    [Test]
    public void Append_OneRecordAfterAnother_NumbersThemAndMovesTheHead()
    {
        var chain = new AuditChain(Id(1), null, _digest, Now);
        var records = new[] { Record(), Record(), Record() };

        Array.ForEach(records, record => chain.Append(record, _digest));

        Assert.That(records.Select(record => record.ChainSequence), Is.EqualTo(new long?[] { 1, 2, 3 }));
        Assert.That(records.Select(record => record.ChainId), Has.All.EqualTo(chain.Id));
        Assert.That((chain.LastSequence, chain.LastHash), Is.EqualTo((3L, records[2].ChainHash)));
        Assert.That(records[2].ChainHash, Is.EqualTo(_digest.OfRecord(records[1].ChainHash, chain.Id, 3, records[2])));
        Assert.That(records[0].ChainHash, Is.EqualTo(_digest.OfRecord(_digest.OfStart(chain), chain.Id, 1, records[0])));
    }

    [TestCaseSource(nameof(Fields))]
    public void Hash_WhenAnyFieldOfTheRecordIsAnother_IsAnother(PropertyInfo field)
    {
        var record = Record();
        var before = Hash(record);

        field.SetValue(record, Other(field.GetValue(record), field.PropertyType));

        Assert.That(Hash(record), Is.Not.EqualTo(before));
    }

    [TestCaseSource(nameof(Fields))]
    public void Hash_WhenAFieldIsEmptyOrMissing_TellsTheTwoApart(PropertyInfo field)
    {
        if (field.PropertyType != typeof(string) || new NullabilityInfoContext().Create(field).ReadState is not NullabilityState.Nullable)
        {
            return;
        }

        var (missing, empty) = (Record(), Record());
        field.SetValue(missing, null);
        field.SetValue(empty, string.Empty);

        Assert.That(Hash(empty), Is.Not.EqualTo(Hash(missing)));
    }

    [Test]
    public void Hash_WhenTextMovesFromOneFieldToTheNext_IsAnother() =>
        Assert.That(Hash(Record(method: "PUTa", path: "/b")), Is.Not.EqualTo(Hash(Record(method: "PUT", path: "a/b"))));

    [Test]
    public void Hash_WhenThePlaceOrTheChainOrTheHashBeforeIsAnother_IsAnother()
    {
        var (record, before) = (Record(), new byte[AuditDigest.HashLength]);
        var hash = _digest.OfRecord(before, Id(1), 1, record);

        Assert.That(_digest.OfRecord(before, Id(1), 2, record), Is.Not.EqualTo(hash));
        Assert.That(_digest.OfRecord(before, Id(2), 1, record), Is.Not.EqualTo(hash));
        Assert.That(_digest.OfRecord(hash, Id(1), 1, record), Is.Not.EqualTo(hash));
    }

    [Test]
    public void Hash_WhenTheTimeDiffersByLessThanEveryDatabaseKeeps_IsTheSame() =>
        Assert.That(Hash(Record(startedAt: Now.AddTicks(19))), Is.EqualTo(Hash(Record(startedAt: Now.AddTicks(10)))));

    [Test]
    public void Start_WhenAChainNamesAnotherBeforeIt_HasAnotherHash() =>
        Assert.That(new AuditChain(Id(1), Id(2), _digest, Now).LastHash, Is.Not.EqualTo(new AuditChain(Id(1), null, _digest, Now).LastHash));

    [Test]
    public void Form_OfVersionOne_StaysWhatItIs()
    {
        var chain = new AuditChain(Id(1), null, _digest, Now);

        chain.Append(Record(), _digest);

        Assert.That(AuditDigest.Format, Is.EqualTo(1));
        Assert.That(Convert.ToHexStringLower(chain.LastHash), Is.EqualTo("c87e5cc6f6577ee2e4d751989cc1bcfb46b72f0bcb5a2b8a045e8b4c1400827e"));
    }

    private static Guid Id(int number) => new($"0195f3a2-6c1e-7b8d-9a4f-{number:D12}");

    private static AuditRecord Record(string method = "POST", string path = "/é😀", DateTimeOffset? startedAt = null) => new()
    {
        Id = Id(7),
        CorrelationId = "own",
        StartedAt = startedAt ?? Now,
        Method = method,
        Path = path,
        UserId = Id(8),
        Status = 200,
        ElapsedMilliseconds = 12,
        RequestHeaders = "{}",
    };

    private static object Other(object? value, Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var plain when plain == typeof(string) => value + "x",
        var plain when plain == typeof(Guid) => Id(99),
        var plain when plain == typeof(int) => (int)value! + 1,
        var plain when plain == typeof(long) => (long)value! + 1,
        var plain when plain == typeof(DateTimeOffset) => ((DateTimeOffset)value!).AddMicroseconds(1),
        var plain => throw new InvalidOperationException($"No other value of {plain.Name} is known."),
    };

    private byte[] Hash(AuditRecord record) => _digest.OfRecord(new byte[AuditDigest.HashLength], Id(1), 1, record);
}
