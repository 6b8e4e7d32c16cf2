"""The domain of Lianjian: what is true of a city's grids, and what may be done about it.

Imports neither flask nor folium. Areas, lowest first, are listed in ``gis.schema``.
"""
