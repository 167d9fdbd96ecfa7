"""What every telecom retailer starts with: dimensions for the usual attributes."""

from django.db import migrations

from kernel.append_only import append_only

# name, kind, label in English, label in Chinese, the rest
DIMENSIONS = [
    ("category", "HIERARCHY", "Category", "分类", {}),
    ("brand", "TERMS", "Brand", "品牌", {}),
    ("kind", "TERMS", "Kind", "类型", {}),
    ("price", "RANGE", "Price", "价格",
     {"bounds": ["0", "50", "100", "200", "300", "500", "750", "1000", "1500"]}),
    ("in_store", "BOOLEAN", "In store", "门店有货", {}),
    ("storage", "TERMS", "Storage", "存储容量", {"order": "SIZE"}),
    ("colour", "TERMS", "Colour", "颜色", {}),
    ("ram", "TERMS", "Memory", "运行内存", {"order": "SIZE"}),
    ("network", "TERMS", "Network", "网络", {"order": "RANK", "ranked_values": ["5G", "4G", "3G", "2G"]}),
    ("screen_inches", "RANGE", "Screen size", "屏幕尺寸",
     {"bounds": ["0", "5", "5.5", "6", "6.5", "7", "9", "11"], "unit_en": "″", "unit_zh": " 英寸"}),
    ("battery_mah", "RANGE", "Battery", "电池容量",
     {"bounds": ["0", "2000", "3000", "4000", "5000", "6000", "8000"], "unit_en": " mAh", "unit_zh": " 毫安时"}),
    ("data", "TERMS", "Data", "流量", {"order": "SIZE"}),
    ("data_gb", "RANGE", "Data", "流量",
     {"bounds": ["0", "5", "10", "20", "50", "100"], "unit_en": " GB", "unit_zh": " GB"}),
    ("minutes", "TERMS", "Minutes", "通话时长", {"order": "SIZE"}),
    ("contract_months", "TERMS", "Contract (months)", "合约期（月）", {"order": "SIZE"}),
    ("technology", "TERMS", "Technology", "接入方式", {}),
    ("download_mbps", "RANGE", "Download", "下载速率",
     {"bounds": ["0", "50", "100", "300", "500", "1000"], "unit_en": " Mbps", "unit_zh": " Mbps"}),
    ("upload_mbps", "RANGE", "Upload", "上传速率",
     {"bounds": ["0", "10", "50", "100", "500", "1000"], "unit_en": " Mbps", "unit_zh": " Mbps"}),
    ("sim", "TERMS", "SIM", "SIM 卡", {}),
    ("sim_type", "TERMS", "SIM type", "SIM 卡类型", {}),
    ("screen_technology", "TERMS", "Screen technology", "屏幕材质", {}),
    ("wifi", "TERMS", "Wi-Fi", "无线网络",
     {"order": "RANK", "ranked_values": ["Wi-Fi 7", "Wi-Fi 6", "Wi-Fi 5", "Wi-Fi 4"]}),
    ("bluetooth", "TERMS", "Bluetooth", "蓝牙", {}),
    ("features", "TERMS", "Features", "功能", {}),
    ("connector", "TERMS", "Connector", "接口", {}),
    ("material", "TERMS", "Material", "材质", {}),
    ("length", "TERMS", "Length", "长度", {"order": "SIZE"}),
    ("power_w", "RANGE", "Power", "功率",
     {"bounds": ["0", "20", "30", "65", "100"], "unit_en": " W", "unit_zh": " 瓦"}),
    # Told on a product's page; they tell products apart rather than group them.
    ("released", "TERMS", "Released", "上市日期", {"is_shown": False}),
    ("fits", "TERMS", "Fits", "适用机型", {"is_shown": False}),
    ("model_codes", "TERMS", "Model codes", "型号代码", {"is_shown": False}),
    ("camera", "TERMS", "Camera", "摄像头", {"is_shown": False}),
    ("cameras", "TERMS", "Cameras", "摄像头", {"is_shown": False}),
    ("battery", "TERMS", "Battery", "电池容量", {"is_shown": False}),
    ("processor", "TERMS", "Processor", "处理器", {"is_shown": False}),
    ("soc", "TERMS", "Processor", "处理器", {"is_shown": False}),
    ("screen_resolution", "TERMS", "Screen resolution", "屏幕分辨率", {"is_shown": False}),
]

def install(apps, schema_editor):
    apps.get_model("merchandising", "Version").objects.get_or_create(pk=1)
    apps.get_model("merchandising", "DimensionSetup").objects.bulk_create(
        apps.get_model("merchandising", "DimensionSetup")(
            name=name, attribute=name, kind=kind, label_en=english, label_zh=chinese, position=number * 10, **rest
        )
        for number, (name, kind, english, chinese, rest) in enumerate(DIMENSIONS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("merchandising", "0001_initial"), ("kernel", "0001_initial")]

    operations = [
        append_only("merchandising_revision"),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
