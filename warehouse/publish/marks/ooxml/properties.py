"""What the properties of a document tell about its sheets."""

from lxml import etree

from warehouse.publish.marks.ooxml.package import Package


def tell_of_sheet(package: Package, name: str, *, there: bool) -> None:
    """Let the properties tell of a first sheet, or of one no more, if they tell of any."""
    properties = package.related("", "extended-properties")
    if properties is None or not package.has(properties):
        return
    root = package.edit(properties)
    count, titles = root.find("{*}HeadingPairs//{*}i4"), root.find("{*}TitlesOfParts/{*}vector")
    if count is None or titles is None or len(titles) == 0:
        return
    before = len(titles)
    if there:
        title = etree.Element(titles[0].tag)
        title.text = name
        titles.insert(0, title)
    else:
        for title in [title for title in titles if title.text == name][:1]:
            titles.remove(title)
    count.text = str(int(count.text or "0") + len(titles) - before)
    titles.set("size", str(len(titles)))
